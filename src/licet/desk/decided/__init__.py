"""What officers decided: records of answers, and determinations of what the law leaves undecided."""
