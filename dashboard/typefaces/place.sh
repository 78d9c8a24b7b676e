#!/bin/sh
# Puts the fonts that npm has fetched here, with their licences, into the folder that is named.
set -eu
from=$(dirname "$0")/node_modules
mkdir -p "$1"
place() {
    cp "$from/$1/files/$2.woff2" "$3/$4.woff2"
    cp "$from/$1/LICENSE" "$3/$4-LICENSE.txt"
}
place @fontsource-variable/inter inter-latin-wght-normal "$1" inter
place @fontsource/noto-sans noto-sans-devanagari-400-normal "$1" devanagari
place @fontsource/noto-sans-tamil noto-sans-tamil-tamil-400-normal "$1" tamil
place @fontsource/noto-sans-kannada noto-sans-kannada-kannada-400-normal "$1" kannada
