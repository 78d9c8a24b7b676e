#!/bin/sh
# Create the namespace that Doorstep uses, unless it is there. Safe to run again.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are read by the Temporal CLI itself.
set -eu

temporal operator cluster health
if ! temporal operator namespace describe >/dev/null 2>&1; then
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi
# A server that did not find a namespace remembers that for a moment.
for _ in 1 2 3 4 5 6 7 8 9 10; do
    if temporal operator search-attribute list >/dev/null; then
        exit 0
    fi
    sleep 1
done
exit 1
