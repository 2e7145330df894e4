#!/usr/bin/env bash
# Copies the front-end assets from their npm packages into static/vendor, with each licence, and nothing that is not used:
# Bootstrap's style sheets, one sprite of the icons named in scripts/icons.txt, and the subsets of two typefaces.
set -euo pipefail
cd "$(dirname "$0")/.."

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

plain() { # a style sheet without its sourceMappingURL, which the static files storage could not resolve
    sed -e 's@/\*# sourceMappingURL=[^*]*\*/@@' "$1" >"$2"
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

unpack bootstrap 5.3.9
plain "$work/package/dist/css/bootstrap.min.css" "$target/bootstrap/bootstrap.min.css"
plain "$work/package/dist/css/bootstrap.rtl.min.css" "$target/bootstrap/bootstrap.rtl.min.css"
cp "$work/package/LICENSE" "$target/bootstrap/LICENSE.txt"

unpack bootstrap-icons 1.13.2
sprite "$work/package/icons" >"$target/icons/sprite.svg"
cp "$work/package/LICENSE" "$target/icons/LICENSE.txt"

unpack @fontsource/be-vietnam-pro 5.3.0
for weight in 400 500 600; do
    for subset in latin latin-ext vietnamese; do
        cp "$work/package/files/be-vietnam-pro-$subset-$weight-normal.woff2" "$target/fonts/"
    done
done
cp "$work/package/LICENSE" "$target/fonts/LICENSE-be-vietnam-pro.txt"

# Of IBM Plex Sans the digits, and the letters of Arabic (and the few of Persian that names have) with its marks and digits.
python3 -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet fonttools==4.68.0 brotli==1.2.1
letters=U+0600-061F,U+0621-063A,U+0640-0655,U+0660-066D,U+0670,U+067E,U+0686,U+0698,U+06A9,U+06AF,U+06CC,U+06F0-06F9
cut() { # cut FROM TO CHARACTERS ...: the face with these characters alone
    "$work/tools/bin/pyftsubset" "$work/package/files/ibm-plex-sans-arabic-$1-normal.woff2" --unicodes="$3" --flavor=woff2 \
        --output-file="$target/fonts/ibm-plex-sans-arabic-$2-normal.woff2" "${@:4}"
}
unpack @fontsource/ibm-plex-sans-arabic 5.3.0
for weight in 400 500 600; do
    cut "latin-$weight" "figures-$weight" U+30-39 --layout-features=
    cut "arabic-$weight" "arabic-$weight" "$letters,U+200C-200F,U+2010-2011" --layout-features='*'
done
cp "$work/package/LICENSE" "$target/fonts/LICENSE-ibm-plex-sans-arabic.txt"
