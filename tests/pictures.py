"""Pictures small enough to be kept in the project."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

# Screens of few colours: with so many nobody sees a difference, and a picture takes a third. Divided
# by an octree, even the few pixels of a green dot stay green.
_COLOURS = 256


def keep_picture(png: bytes, path: Path) -> None:
    """Write a screenshot with few colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(BytesIO(png)) as image:
        few = image.convert("RGB").quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
