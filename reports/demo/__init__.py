"""The practice town: planned in plain Python from the sheets in `data/`, judged by the rulebook, then played into a database."""
