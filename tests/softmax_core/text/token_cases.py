"""Texts and their tokens, for Python and for the browser, which cut by the same rules."""

CASES = {
    "It's GOOD, isn't it?": ["it's", "good", "isn't", "it"],
    "I DON’T like it": ["i", "don't", "like", "it"],
    "'quoted' words'": ["quoted", "words"],
    "snake_case and 3.5 stars": ["snake", "case", "and", "3", "5", "stars"],
    "naïve café Straße": ["naïve", "café", "straße"],
    "ＧＯＯＤ ﬁlm": ["good", "film"],
    "很好吃！好": ["很好", "好吃", "好"],
    "这家餐厅": ["这家", "家餐", "餐厅"],
    "味道 very 好吃 wow": ["味道", "very", "好吃", "wow"],
    "人人々": ["人人", "人々"],
    "great 👍🏽 ❤️ 🙂🙂": ["great", "👍", "❤", "🙂", "🙂"],
    "שלום עולם": ["שלום", "עולם"],
    "طعامٌ جيّد": ["طعامٌ", "جيّد"],
    "हिन्दी में": ["हिन्दी", "में"],
    "とても good です": ["とても", "good", "です"],
    "<b onclick=x>bold</b>": ["b", "onclick", "x", "bold", "b"],
    "\u202ereversed\u202c \x00 \u200b": ["reversed"],
    "!!! … —": [],
    "": [],
}
