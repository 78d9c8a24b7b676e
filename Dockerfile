# The image of every Doorstep process: `doorstep api`, `doorstep worker`, `doorstep migrate`, …
# Everything is installed from the lock files, every hash checked. The last stage gets what was
# installed and nothing that installed it. The embedded servers are not in it: `doorstep up` and
# `doorstep demo` are for development.
#
# Where images are built for others, pin the base to what the tag is at that moment, in both lines:
# `docker buildx imagetools inspect python:3.11.15-slim-trixie` shows the digest to put behind it, as
# python:3.11.15-slim-trixie@sha256:…

FROM node:24.11.1-trixie-slim AS fonts
WORKDIR /typefaces
COPY dashboard/typefaces/ ./
RUN npm ci --ignore-scripts --no-audit --no-fund && ./place.sh /fonts

FROM python:3.11.15-slim-trixie AS build
WORKDIR /build
COPY requirements-dev.lock ./
# hatchling and what it needs, and nothing else of the development tools.
RUN awk '/^[a-z]/ { keep = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/ } keep' \
        requirements-dev.lock > build.lock \
    && pip install --no-cache-dir --require-hashes --requirement build.lock
RUN python -m venv --without-pip /opt/doorstep
COPY requirements.lock ./
RUN pip --python /opt/doorstep/bin/python install --no-cache-dir --require-hashes --requirement requirements.lock
COPY . .
COPY --from=fonts /fonts dashboard/static/fonts
RUN python -m hatchling build --target wheel --directory /wheels \
    && pip --python /opt/doorstep/bin/python install --no-cache-dir --no-deps /wheels/*.whl \
    && pip --python /opt/doorstep/bin/python check

FROM python:3.11.15-slim-trixie
RUN useradd --system --uid 10001 --home-dir /var/lib/doorstep --create-home doorstep
COPY --from=build /opt/doorstep /opt/doorstep

# A container's loopback is reached by nobody; compose decides which host address is published.
ENV PATH=/opt/doorstep/bin:$PATH DOORSTEP_API_HOST=0.0.0.0 PYTHONUNBUFFERED=1
WORKDIR /var/lib/doorstep
USER doorstep
EXPOSE 8080
# For the API only: the other services of the compose file switch it off.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; port = os.environ.get('DOORSTEP_API_PORT') or '8080'; urllib.request.urlopen(f'http://127.0.0.1:{port}/healthz', timeout=4)"]
ENTRYPOINT ["doorstep"]
CMD ["api"]
