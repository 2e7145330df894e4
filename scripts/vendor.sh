#!/usr/bin/env bash
# Makes static/vendor from npm packages, with each licence and nothing that is not used: the parts of Bootstrap named in
# scripts/bootstrap.scss, one sprite of the icons named in scripts/icons.txt, and of two typefaces the letters we need.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -x .venv/bin/pyftsubset ] || { echo "make vendor needs .venv: run 'make check' once." >&2; exit 1; }
if ! command -v npm >/dev/null; then
    echo "make vendor needs npm: install it with your system's package manager." >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target=static/vendor

unpack() { # unpack NAME VERSION: the package lies in $work/package afterwards
    rm -rf "$work/package"
    tar -xzf "$work/$(cd "$work" && npm pack --silent "$1@$2" 2>/dev/null)" -C "$work"
}

sprite() { # sprite FOLDER: one <symbol> for each icon of the list
    echo '<svg xmlns="http://www.w3.org/2000/svg">'
    while read -r name; do
        sed -e "s@<svg [^>]*viewBox=\"\([^\"]*\)\"[^>]*>@<symbol id=\"$name\" viewBox=\"\1\">@" \
            -e 's@</svg>@</symbol>@' "$1/$name.svg"
    done <scripts/icons.txt
    echo '</svg>'
}

rm -rf "$target"
mkdir -p "$target"/{bootstrap,icons,fonts}

npm install --silent --no-fund --no-audit --prefix "$work" \
    bootstrap@5.3.9 sass@1.78.0 postcss@8.5.6 postcss-cli@11.0.1 autoprefixer@10.4.21 rtlcss@4.3.0
tool() { "$work/node_modules/.bin/$1" "${@:2}"; }
# Bootstrap's own oldest browsers, by name: shares of the market would change the result from month to month.
export BROWSERSLIST="chrome 60, firefox 60, safari 12, ios_saf 12"
cp scripts/bootstrap.scss "$work/"
tool sass --quiet --no-source-map --load-path="$work/node_modules" "$work/bootstrap.scss" "$work/plain.css"
(cd "$work" && tool postcss plain.css --use autoprefixer --no-map --output bootstrap.css)
tool rtlcss --silent "$work/bootstrap.css" "$work/bootstrap.rtl.css"
for sheet in bootstrap bootstrap.rtl; do
    tool sass --quiet --no-source-map --style=compressed "$work/$sheet.css" "$target/bootstrap/$sheet.min.css"
done
cp "$work/node_modules/bootstrap/LICENSE" "$target/bootstrap/LICENSE.txt"

unpack bootstrap-icons 1.13.2
sprite "$work/package/icons" >"$target/icons/sprite.svg"
cp "$work/package/LICENSE" "$target/icons/LICENSE.txt"

cut() { # cut FROM TO CHARACTERS OPTIONS: the face with these characters alone
    .venv/bin/pyftsubset "$work/package/$1" --unicodes="${3// /}" --flavor=woff2 --output-file="$target/fonts/$2.woff2" "${@:4}"
}

# Be Vietnam Pro, whole, in two: what every page has, Vietnamese and English in one face so that it is kerned across both;
# and all its other letters and signs, which a browser fetches when it meets one. fonts.css says the same ranges.
common="U+20-2F, U+3A-7E, U+A0, U+A7, U+AB, U+B0, U+B7, U+BB, U+C0-C3, U+C8-CA, U+CC-CD, U+D2-D5, U+D7, U+D9-DA, U+DD, U+E0-E3, U+E8-EA, \
U+EC-ED, U+F2-F5, U+F9-FA, U+FD, U+102-103, U+110-111, U+128-129, U+168-169, U+1A0-1A1, U+1AF-1B0, U+300-304, U+306, U+308-309, \
U+31B, U+323, U+1EA0-1EF9, U+2013-2014, U+2018-201A, U+201C-201E, U+2022, U+2026, U+2039-203A, U+20AB, U+2212"
other="U+A1-A6, U+A8-AA, U+AC-AF, U+B1-B6, U+B8-BA, U+BC-BF, U+C4-C7, U+CB, U+CE-D1, U+D6, U+D8, U+DB-DC, U+DE-DF, U+E4-E7, U+EB, \
U+EE-F1, U+F6-F8, U+FB-FC, U+FE-101, U+104-10F, U+112-127, U+12A-167, U+16A-17E, U+1E6-1E7, U+2C6-2DC, U+307, U+30A-30C, U+312, \
U+326-328, U+1E20-1E21, U+1E80-1E85, U+1E9E, U+2020-2021, U+2030, U+2044, U+2070-2089, U+20AC, U+2122, U+215B-215E, U+2215, \
U+2248-2265"
unpack @expo-google-fonts/be-vietnam-pro 0.4.1
for weight in 400Regular 500Medium 600SemiBold; do
    cut "$weight/BeVietnamPro_$weight.ttf" "be-vietnam-pro-${weight:0:3}" "$common" --layout-features=kern,mark,mkmk,ccmp,locl
    cut "$weight/BeVietnamPro_$weight.ttf" "be-vietnam-pro-other-${weight:0:3}" "$other" --layout-features=kern,mark,mkmk,ccmp,locl
done
cp "$work/package/LICENSE_FONT" "$target/fonts/LICENSE-be-vietnam-pro.txt"

# Of IBM Plex Sans the digits, and the letters of Arabic (and the few of Persian that names have) with its marks and digits.
# The letters come without instructions for coarse screens, a quarter of their size; the table says to smooth them instead.
letters="U+60C, U+61B, U+61F, U+621-63A, U+640-655, U+660-66C, U+670-671, U+67E, U+686, U+698, U+6A9, U+6AF, U+6CC, U+6F0-6F9, U+200C-200F"
smooth() {
    .venv/bin/python - "$1" <<'PYTHON'
import sys

from fontTools.ttLib import TTFont

face = TTFont(sys.argv[1])
face["gasp"].gaspRange = {0xFFFF: 0b1111}
face.save(sys.argv[1])
PYTHON
}
unpack @fontsource/ibm-plex-sans-arabic 5.3.0
for weight in 400 500 600; do
    cut "files/ibm-plex-sans-arabic-latin-$weight-normal.woff2" "figures-$weight" U+30-39 --layout-features=
    cut "files/ibm-plex-sans-arabic-arabic-$weight-normal.woff2" "ibm-plex-sans-arabic-$weight" "$letters" --layout-features='*' --no-hinting
    smooth "$target/fonts/ibm-plex-sans-arabic-$weight.woff2"
done
cp "$work/package/LICENSE" "$target/fonts/LICENSE-ibm-plex-sans-arabic.txt"
