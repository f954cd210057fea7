"""Words that older versions used on the command line; they are read as the words of this version."""

FORMER = {
    "province": "region",
    "province_name": "region_name",
    "wrong-province": "wrong-region",
    "groundbroken": "start",
    "claimed_complete": "complete_claimed",
    "verified_complete": "complete_verified",
    "operating": "in_use_latest",
}
"""The former names of options, groups, columns and checks, each with its present one."""


def read_former(word: str) -> str:
    """Return the present name for a former one; every other word stays."""
    return FORMER.get(word, word)


def name_option(name: str) -> tuple[str, ...]:
    """Return what an option may be typed as: its name, then its former ones."""
    return (f"--{name}", *(f"--{former}" for former, present in FORMER.items() if present == name))
