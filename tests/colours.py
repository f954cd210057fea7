"""Measures of colours, which are given as in #0075c4."""

Triple = tuple[float, float, float]


def make_linear(colour: str) -> Triple:
    """Return linear red, green and blue of a colour of sRGB."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def find_contrast(one: str, other: str) -> float:
    """Return the contrast of WCAG 2."""
    shares = (0.2126, 0.7152, 0.0722)
    dark, light = sorted(
        sum(a * b for a, b in zip(shares, make_linear(colour), strict=True)) for colour in (one, other)
    )
    return (light + 0.05) / (dark + 0.05)


def find_lab(linear: Triple) -> Triple:
    """Return L*, a* and b* of linear red, green and blue, under daylight (D65)."""
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.95047, 1.0, 1.08883)
    x, y, z = (
        part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
        for part in (
            sum(a * b for a, b in zip(row, linear, strict=True)) / most
            for row, most in zip(to_xyz, white, strict=True)
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
