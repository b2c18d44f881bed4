"""The mails a stand-in's customers would have got: a folder of them, shown as pages."""
