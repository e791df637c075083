"""What stands beside the stage in the lesson on the hidden layer."""
