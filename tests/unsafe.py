"""The characters that are never printed unchanged, listed independently of the program."""

UNSAFE_RANGES = [
    (0x00, 0x1F),  # C0
    (0x7F, 0x9F),  # DEL and C1
    (0x061C, 0x061C),  # Arabic letter mark
    (0x200B, 0x200B),  # zero-width space
    (0x2028, 0x202E),  # separators of lines and paragraphs, bidirectional embeddings and overrides
    (0x2060, 0x206F),  # invisible operators, isolates, deprecated formats
    (0xD800, 0xDFFF),  # lone surrogates
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFF9, 0xFFFB),  # interlinear annotation
    (0x180E, 0x180E),  # an invisible separator
    (0x3164, 0x3164),  # Hangul filler, and the half-width one
    (0xFFA0, 0xFFA0),
    (0x17B4, 0x17B5),  # invisible Khmer vowels
    (0x1BCA0, 0x1BCA3),  # format controls of shorthand and music
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE007F),  # invisible tags
    (0xFFF0, 0xFFF8),  # reserved for invisible characters
    (0xE0080, 0xE00FF),
    (0xE01F0, 0xE0FFF),
]
