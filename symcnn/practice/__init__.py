"""Practice: the student's version as a page that marks what is typed into its boxes."""
