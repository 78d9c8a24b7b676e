# The image of every Doorstep process: `doorstep api`, `doorstep worker`, `doorstep migrate`, …
# Both stages install from the lock files and check every hash.

FROM python:3.11.15-slim-trixie AS build
WORKDIR /build
COPY requirements-dev.lock ./
# hatchling and what it needs, and nothing else of the development tools.
RUN awk '/^[a-z]/ { keep = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/ } keep' \
        requirements-dev.lock > build.lock \
    && pip install --no-cache-dir --require-hashes --requirement build.lock
COPY . .
RUN python -m hatchling build --target wheel --directory /wheels

FROM python:3.11.15-slim-trixie
RUN useradd --system --uid 10001 --home-dir /var/lib/doorstep --create-home doorstep
COPY requirements.lock /tmp/requirements.lock
RUN pip install --no-cache-dir --require-hashes --requirement /tmp/requirements.lock
COPY --from=build /wheels/ /tmp/wheels/
RUN pip install --no-cache-dir --no-deps /tmp/wheels/*.whl && pip check && rm -r /tmp/wheels

# A container's loopback is reached by nobody; compose decides which host address is published.
ENV DOORSTEP_API_HOST=0.0.0.0 PYTHONUNBUFFERED=1
WORKDIR /var/lib/doorstep
USER doorstep
EXPOSE 8080
# For the API only: the other services of the compose file switch it off.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; port = os.environ.get('DOORSTEP_API_PORT') or '8080'; urllib.request.urlopen(f'http://127.0.0.1:{port}/healthz', timeout=4)"]
ENTRYPOINT ["doorstep"]
CMD ["api"]
