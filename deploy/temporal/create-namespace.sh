#!/bin/sh
# Create the namespace that Doorstep uses, unless it is there. Safe to run again.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are read by the Temporal CLI itself.
set -eu

temporal operator cluster health
if ! temporal operator namespace describe >/dev/null 2>&1; then
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi
