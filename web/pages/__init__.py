"""The pages customers pay and look after their account in; the browser's word grants nothing."""
