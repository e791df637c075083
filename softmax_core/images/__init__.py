"""Pictures as data: sets of small images, how they are read, looked at, drawn and explained."""

from __future__ import annotations

from softmax_core.images.digits import digits
from softmax_core.images.files import from_contents, from_idx
from softmax_core.images.image_set import ImageData, Images, split_images

__all__ = ["ImageData", "Images", "digits", "from_contents", "from_idx", "split_images"]
