"""Write softmax_core/images/digits.npz from scikit-learn's copy: `python tools/make_digits.py [FILE]`.

The images are those of E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (1998), UCI
Machine Learning Repository, https://doi.org/10.24432/C50P49, licence CC BY 4.0
(https://creativecommons.org/licenses/by/4.0/). Changed: the values 0..16 are stored as bytes, nothing else.
scikit-learn's copy is the test part of the original, in its order.
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

FILE = Path(__file__).parents[1] / "softmax_core" / "images" / "digits.npz"
MOST_BYTES = 100_000
NOTE = (
    "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak (1998), UCI Machine Learning "
    "Repository, doi:10.24432/C50P49, CC BY 4.0; from scikit-learn, values 0..16 as bytes"
)


def main(target: Path) -> None:
    """Write the file and say how large it is."""
    data = load_digits()
    pixels, labels = data.images.astype(np.uint8), data.target.astype(np.uint8)
    if not (pixels == data.images).all() or pixels.shape != (1797, 8, 8):
        raise SystemExit(f"not the digits that were expected: {data.images.shape}")
    np.savez_compressed(target, pixels=pixels, labels=labels, note=np.array(NOTE))
    size = target.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{target} has {size} bytes, more than {MOST_BYTES}")
    print(f"{target}: {len(labels)} images, {size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
