"""Texts that somebody sends who wants the app to break, or who does not know better."""

MARKUP = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><iframe src="javascript:alert(1)">',
    "' onmouseover='alert(1)",
    "<style>*{display:none}</style>",
    "<a href='http://evil.example/'>x</a>",
    "<!--",
    "]]>",
    "&lt;b&gt;&#x3c;b&#x3e;",
]
MARKDOWN = [
    "[x](http://evil.example/)",
    "[x](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "**b** _i_ `c` ~~d~~",
    "# title",
    "- item",
    "| a | b |\n|---|---|",
    "http://evil.example/",
    "<http://evil.example/>",
    "[^1]",
    "***",
    "> quote",
    "1. one",
]
DIRECTIVES = [
    ":red[x]",
    ":material/delete:",
    ":streamlit:",
    ":smile:",
    ":red-background[x]",
    ":small[x]",
    ":blue-badge[x]",
    "<- x ->",
]
TEX = [
    r"$\href{javascript:alert(1)}{x}$",
    r"\htmlClass{lab}{x}",
    r"\includegraphics{http://evil.example/x.png}",
    r"$$\frac{1}{0}",
    r"}\\{",
    r"\def\a{\a\a}\a",
    "%",
    "^_&#~",
]
FORMULAS = ["=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://evil.example\")", "＝1+1"]  # fmt: skip
CODE = [
    '"""; import os; os._exit(1); """',
    "'); raise SystemExit(1) #",
    "\\",
    "\\'",
    "x\n\nraise SystemExit(1)\n",
    "{x}",
    "{0.__class__}",
    "%s%n",
    "\\N{BULLET}",
    "#",
    "\\u0022",
    "{{x}}",
]
STRANGE = [
    "\0",
    "a\0b",
    "\u202eabc",  # right to left
    "מזל",
    "👩‍👩‍👧‍👦",
    "e\u0301" * 12,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "\ufeff",
    "\u200b",
    "\u2028",
    "\x1b[31m",
    "\x7f",
    "a" * 300,
    " ",
    "\n",
    "../../etc/passwd",
    "file:///etc/passwd",
    "CON",
    "__proto__",
    "constructor",
    "猫",
    "ﷺ" * 24,
]
INJECTIONS = [*MARKUP, *MARKDOWN, *DIRECTIVES, *TEX, *FORMULAS, *CODE, *STRANGE]

NUMBERS = [
    "NaN", "nan", "-nan", "inf", "-Infinity", "∞", "1e308", "-1e308", "1e309", "1e999", "1e-400", "-0", "0", "-1", "+1", "00", "0x10", "1_000",
    "1,5", "1.5", "1,234", "1.234.567", "٣", "１２", "²", "Ⅷ", "½", "1e", "e5", ".", "-", "--1", "1e5000", "9" * 400, "9" * 5000, "1" + "0" * 1_000_000,
    "0." + "0" * 400 + "1", "2147483648", "-2147483649", "9007199254740993", "18446744073709551616", "true", "false", "None", "null", "[]", "{}",
    "1 2", " 1", "1\n", "1;2", "0.1e1", "5e-324", "1.7976931348623157e308",
]  # fmt: skip
LISTS = [
    "~", "~~~~", "1~", "~1", "1~2", "nan~nan", "1e308~-1e308~1e308", "0~0~0", "1~1~1", "0.5~0.5", "1~0", "0.3333~0.3333~0.3333", "-1~2",
    "~".join(["0"] * 11), "~".join(["1"] * 5000), "a~b~c", "%7E~%25~%", "*", "a0_0_0", "a1_1e308_1e308", "m0_0_0*e0", "e0*e0*e0", "a9_0_0*m999999_0_0",
    "0~20!rate=0.5", "0~0!", "0!0!0", "1:2:3", "1,2,3", "1*1*1", "adam~3", "softmax|home", "|||", "a=b&c=d",
]  # fmt: skip
LONG = [
    "x" * 100_000,
    "~" * 100_000,
    "1~" * 50_000,
    "%00" * 30_000,
    "👾" * 25_000,
    "*a1_0_0" * 14_000,
    "(" * 100_000,
]
NASTY = [*NUMBERS, *LISTS, *INJECTIONS, ""]

BYTES = [
    "%00",
    "%ED%A0%80",
    "%FF%FE",
    "%C0%80",
    "%",
    "%zz",
    "%F4%90%80%80",
    "+",
    "%u0041",
    "%26%3D",
    "%0d%0a",
]
"""As they stand in an address, already percent-encoded or not at all."""
