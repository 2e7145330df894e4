"""What a browser says of itself, in the few words by which its owner knows it."""

# The first that is named wins: most browsers also claim to be an older one.
_BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"), ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device(agent: str) -> str:
    """Browser and system; what is neither as it names itself, cut short."""
    found = [next((name for token, name in known if token in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name) or agent[:40]
