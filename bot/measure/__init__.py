"""Here are questions whose answers are known; tell me how many were found."""
