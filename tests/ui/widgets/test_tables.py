"""Short files in the encodings that people's programs write: the letters in the file, and no others."""

from __future__ import annotations

import pytest

from ui.widgets.tables import decode

WESTERN = [
    "Länge;Größe;Art\r\n1,5;2,0;weiß\r\n2,5;1,0;grün\r\n", "x,y,Größe\n1,2,groß\n3,4,klein\n", "x,y,k\n1,2,grün\n3,4,rot\n",
    "x,y,k\n1,2,Bär\n3,4,Kühe\n", "x,y,Straße\n1,2,Öl\n3,4,Übung\n", "x,y,k\n1,2,GRÜN\n3,4,WEIß\n", "x;y;k\n1;2;Höhe über Größe\n",
    "largeur;hauteur;espèce\r\n1,5;2,0;épicéa\r\n2,5;1,0;chêne\r\n", "x,y,k\n1,2,créée\n3,4,été\n", "x,y,k\n1,2,déçu\n3,4,naïve\n",
    "x,y,k\n1,2,à gauche\n3,4,à droite\n", "x,y,k\n1,2,l’été\n3,4,« hêtre »\n", "x,y,k\n1,2,œuf\n3,4,Noël\n",
    "Temp (°C),µm,k\n1,2,a\n3,4,b\n", "Temp °C,m²,k\n1,2,a\n3,4,b\n", "Prix (€);y;k\n1\u00a0234;2;a\n", "año,niño,k\n1,2,mañana\n3,4,sí\n",
]  # fmt: skip
CHINESE = [
    "x,y,类别\n1,2,狗\n3,4,猫\n", "x,y,k\n1,2,鸢尾\n3,4,蔷薇\n", "x,y,k\n1,2,山鸢尾\n3,4,变色鸢尾\n5,6,维吉尼亚鸢尾\n",
    "身高,体重,性别\n1,2,男\n3,4,女\n", "x,y,k\n1,2,类A\n3,4,类B\n", "x,y,k\n1,2,A类\n3,4,B类\n", "x,y,k\n1,2,鹦鹉\n3,4,企鹅\n",
    "x,y,類別\n1,2,貓\n3,4,狗\n", "x,y,k\n1,2,朱镕基\n3,4,其他\n", "长度（毫米），宽度\n", "x,y,k\n1,2,好\n", "x轴,y轴,k\n１,2,红\n",
    "x,y,k\n1,2,健康\n3,4,患病\n", "x,y,k\n1,2,良性\n3,4,恶性\n", "x,y,k\n1,2,桦树\n3,4,橡树\n", "x,y,k\n1,2,苹果\n3,4,香蕉\n",
]  # fmt: skip


@pytest.mark.parametrize("text", WESTERN)
def test_western_files(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, "Windows-1252")


@pytest.mark.parametrize("text", CHINESE)
def test_chinese_files(text: str) -> None:
    assert decode(text.encode("gb18030")) == (text, "GB18030")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["x,y,k\n1,2,a\n", "x,y,Größe\n1,2,grün\n", "x,y,类别\n1,2,狗\n3,4,猫\n"])
def test_unicode_files(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, None)


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_a_byte_order_mark(mark: str) -> None:
    text = "x,y,类别\n1,2,狗\n"
    assert decode(f"\ufeff{text}".encode(mark)) == (text, None)


def test_plain_ascii_is_no_guess() -> None:
    assert decode(b"x,y,k\n1,2,a\n") == ("x,y,k\n1,2,a\n", None)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"a,b\n1,2\xff\n", 7),
        (b"x,y,c\n1,2,\xff\xff\n", 10),
        ("x,y,k\n1,2,ma³y\n".encode("cp1252"), 12),  # "mały" in Windows-1250
        (b"x,y,k\n1,2,\x81\n", 10),
    ],
)
def test_no_letters_that_are_not_in_the_file(data: bytes, place: int) -> None:
    with pytest.raises(UnicodeDecodeError) as caught:
        decode(data)
    assert caught.value.start == place
