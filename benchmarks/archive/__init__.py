"""What `make.py` makes an archive of: texts, the stories of cases, and how the rows are stored at once."""
