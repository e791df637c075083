"""A choice by small pictures: `ui.widgets.live` mounts it."""
