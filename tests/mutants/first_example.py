"""For pytest, as a plugin: a property that fails is told with the first example there is.

Making that example smaller takes a minute and more, and whoever plants bugs wants to know no more than that it fails.
The same examples come each time, and none is remembered from the bug before.
"""

from __future__ import annotations

from hypothesis import Phase, settings

settings.register_profile(
    "first example", phases=(Phase.explicit, Phase.generate), derandomize=True, database=None, print_blob=False
)
settings.load_profile("first example")
