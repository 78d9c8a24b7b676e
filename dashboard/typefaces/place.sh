#!/bin/sh
# Puts the fonts that npm has fetched here, with their licences, into the folder that is named.
set -eu
from=$(dirname "$0")/node_modules/@fontsource-variable
mkdir -p "$1"
place() {
    cp "$from/$1/files/$2-wght-normal.woff2" "$3/$4.woff2"
    cp "$from/$1/LICENSE" "$3/$4-LICENSE.txt"
}
place inter inter-latin "$1" inter
place noto-sans noto-sans-devanagari "$1" devanagari
place noto-sans-tamil noto-sans-tamil-tamil "$1" tamil
place noto-sans-kannada noto-sans-kannada-kannada "$1" kannada
