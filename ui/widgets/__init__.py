"""What several lessons share: controls bound to the link, boards, formulas, tables, background jobs."""
