"""The two sets that can be fetched: their files, where they are served, their sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TRAIN = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
TEST = ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
PARTS = TRAIN + TEST
DIGIT_NAMES = tuple("0123456789")


@dataclass(frozen=True)
class Offer:
    """A data set that can be fetched.

    Parameters
    ----------
    name
        ``"mnist"`` or ``"fashion"``.
    folders
        Names of a subfolder that may hold its files; the first is used in the cache.
    mirrors
        Addresses that the names of the files are appended to, tried in this order.
    md5
        Of the gzipped files, in the order of `PARTS`.
    size
        Of all four together, in bytes.
    """

    name: str
    folders: tuple[str, ...]
    mirrors: tuple[str, ...]
    md5: tuple[str, str, str, str]
    size: int
    class_names: tuple[str, ...]
    source: str


OFFERS: Mapping[str, Offer] = {
    "mnist": Offer(
        "mnist",
        ("mnist", "MNIST"),
        ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"),
        (
            "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
            "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c",
        ),
        11_594_722,
        DIGIT_NAMES,
        "Y. LeCun, C. Cortes and C. J. C. Burges, The MNIST database of handwritten digits",
    ),
    "fashion": Offer(
        "fashion",
        ("fashion-mnist", "fashion", "FashionMNIST"),
        (
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        ),
        (
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310",
        ),
        30_878_645,
        (
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ),
        "H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST (2017), arXiv:1708.07747, MIT licence",
    ),
}  # fmt: skip
