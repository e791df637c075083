"""What chats, search engines and mailing lists append to a link that is passed on. None of it is a setting."""

_CAMPAIGN = frozenset([
    "_ga", "_gl", "_hsenc", "_hsmi", "_t", "ascene", "chksm", "clicktime", "code", "dclid", "devicetype",
    "enterid", "fbclid", "from", "from_source", "gbraid", "gclid", "gclsrc", "igsh", "igshid",
    "isappinstalled", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "mtm_campaign", "nsukey",
    "oly_anon_id", "oly_enc_id", "ref", "ref_src", "referrer", "s_cid", "scene", "share_from", "share_id",
    "share_medium", "share_plat", "share_session_id", "share_source", "share_tag", "share_times",
    "share_token", "shareuid", "sharer_shareid", "sharer_sharetime", "si", "source", "spm", "spm_id_from",
    "srcid", "srsltid", "sessionid", "timestamp", "ttclid", "twclid", "unique_k", "vd_source", "vero_id",
    "wbraid", "weibo_id", "wt_mc", "xmt", "yclid",
])  # fmt: skip
_CAMPAIGN_PREFIXES = ("utm_", "wxshare", "pk_", "mtm_", "hsa_")


def of_a_campaign(key: str) -> bool:
    """Whether this parameter of a link is such an appendix.

    Examples
    --------
    >>> of_a_campaign("utm_source"), of_a_campaign("training_rate")
    (True, False)
    """
    name = key.lower()
    return name in _CAMPAIGN or name.startswith(_CAMPAIGN_PREFIXES)
