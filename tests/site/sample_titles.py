"""Invented titles. The real issues came without any; the same key always gets the same one."""

import hashlib

# Key of the demo's epic, its title, and what its children are about.
DEMO_EPICS = {
    "PAY-412": ("One-page checkout", ("address form", "card form", "order summary", "express button", "messages")),
    "PAY-431": ("Saved cards at checkout", ("card list", "token store", "default card", "expired cards")),
    "PAY-388": ("Retry declined payments", ("retry schedule", "issuer replies", "customer e-mail", "dunning rules")),
    "PAY-371": ("Decline reasons in the dashboard", ("reason codes", "filter", "daily export")),
    "PAY-395": ("Second acquirer for cards", ("routing rules", "settlement file", "fail-over", "fee report")),
    "PAY-402": ("Chargeback evidence in one click", ("evidence upload", "case list", "deadline reminder")),
    "PLA-77": ("Preview environment per branch", ("DNS names", "data seed", "clean-up job", "secrets", "cost limit")),
    "PLA-81": ("Pipelines under ten minutes", ("test split", "cache", "image build", "queue length")),
    "PLA-90": ("One deploy button", ("approval step", "release note", "chat message")),
    "PLA-93": ("Move the last services to the new runtime", ("health checks", "memory limits", "log format")),
    "PLA-64": ("Canary releases", ("traffic split", "abort rule", "dashboards", "error budget")),
    "PLA-70": ("An on-call owner for every service", ("service list", "rotation", "run book", "hand-over")),
    "GRO-155": ("Guided first listing", ("photo upload", "price hint", "category picker", "preview", "publish step")),
    "GRO-149": ("Import from a spreadsheet", ("date columns", "currency columns", "duplicate rows", "error report")),
    "GRO-160": ("Measure returns in week 2", ("event stream", "cohort table", "dashboard tile")),
}
# The epic that the demo's first steps are about has hand-made titles for its children.
CHECKOUT_CHILDREN = (
    "Merge address and payment step",
    "Show the order summary beside the form",
    "Remember the address of the last order",
    "Card form without a page change",
    "Express buttons above the form",
    "Messages next to the field that is wrong",
    "Guest checkout without an account",
    "Measure the time from cart to receipt",
    "Keep the cart when the session ends",
    "Keyboard order of the new form",
    "Switch on for half of all traffic",
    "Switch on for all traffic",
)
_VERBS = {
    "Bug": ("Fix", "Repair", "Stop the crash in", "Correct"),
    "Improvement": ("Simplify", "Speed up", "Clean up", "Make consistent:"),
    "New Feature": ("Add", "Support", "Offer", "Build"),
    "Story": ("Let people choose", "Show", "Explain", "Offer"),
}
_SUBJECTS = (
    "list view", "navigation bar", "push messages", "map overlay", "build script", "module loader", "text field",
    "picker", "image cache", "geolocation", "menu", "web view", "database layer", "toolbar", "scroll view", "logging",
    "file access", "video player", "packaging", "search bar", "tab group", "animation", "camera", "printing",
)  # fmt: skip
_DETAILS = (
    "on old devices", "after an update", "when offline", "with long texts", "in landscape", "for right-to-left scripts",
    "with many rows", "on the first start", "in the background", "with screen readers", "behind a proxy", "on tablets",
)  # fmt: skip
_CHINESE = ("登录页面", "报表导出", "权限检查", "消息推送", "数据同步", "搜索结果", "任务列表", "接口文档")


def title(key: str, kind: str, level: int, subjects: tuple[str, ...] = ()) -> str:
    """A title for an issue of the given type and level; `subjects` are the words of its epic, if it has some."""
    if not kind.isascii():
        return f"{_pick(_CHINESE, key)}：{kind} {key.rpartition('-')[2]}"
    subject = _pick(subjects or _SUBJECTS, key)
    if level > 0:
        return f"{subject} {_pick(_DETAILS, key[::-1])}".capitalize()
    verb = _pick(_VERBS.get(kind, ("Prepare", "Check", "Review", "Document")), key + kind)
    return f"{verb} {subject} {_pick(_DETAILS, key[::-1])}"


def _pick(words: tuple[str, ...], seed: str) -> str:
    return words[int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") % len(words)]
