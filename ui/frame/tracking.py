"""Tracking parameters: what chats, search engines and mailing lists append to a link that is passed on. None of it is a setting."""

_NAMES = frozenset([
    "_ga", "_gl", "_hsenc", "_hsmi", "_t", "ascene", "chksm", "clicktime", "code", "dclid", "devicetype",
    "enterid", "fbclid", "from", "from_source", "gbraid", "gclid", "gclsrc", "igsh", "igshid",
    "isappinstalled", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "mtm_campaign", "nsukey",
    "oly_anon_id", "oly_enc_id", "ref", "ref_src", "referrer", "s_cid", "scene", "share_from", "share_id",
    "share_medium", "share_plat", "share_session_id", "share_source", "share_tag", "share_times",
    "share_token", "shareuid", "sharer_shareid", "sharer_sharetime", "si", "source", "spm", "spm_id_from",
    "srcid", "srsltid", "sessionid", "timestamp", "ttclid", "twclid", "unique_k", "vd_source", "vero_id",
    "wbraid", "weibo_id", "wt_mc", "xmt", "yclid",
])  # fmt: skip
_PREFIXES = ("utm_", "wxshare", "pk_", "mtm_", "hsa_")


def is_tracking(key: str) -> bool:
    """Whether this parameter of a link is one of them.

    Examples
    --------
    >>> is_tracking("utm_source"), is_tracking("training_rate")
    (True, False)
    """
    name = key.lower()
    return name in _NAMES or name.startswith(_PREFIXES)
