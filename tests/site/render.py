"""Storage format as HTML."""


def render(text: str) -> str:
    """HTML of a body in storage format."""
    return text
