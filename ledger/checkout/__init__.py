"""What an application asks for when it sells: commands, each done once however often it comes."""
