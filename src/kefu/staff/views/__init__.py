"""Pages of colleagues: the list, a person, departments and teams, people from a sheet."""
