"""What is known of candidates, as the rules read it: by a number of statements that does not grow."""

from recruitment.known.published import current, version_data
from recruitment.known.reading import Known, cell_of, facts_of, hold_following, only, read

__all__ = ["Known", "cell_of", "current", "facts_of", "hold_following", "only", "read", "version_data"]
