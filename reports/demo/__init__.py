"""The practice town: planned from the sheets in `data/`, judged by the rulebook, then played into a database."""
