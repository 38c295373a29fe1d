# One image for every service of docker-compose.yml: the locked packages, then our own, as a user without rights.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

# The lock alone first: a change of ours does not install the packages again.
COPY requirements/run.lock /build/requirements/run.lock
RUN pip install --require-hashes -r /build/requirements/run.lock

COPY pyproject.toml README.md /build/
COPY config /build/config
COPY connectors /build/connectors
COPY console /build/console
COPY contracts /build/contracts
COPY domain /build/domain
COPY mappings /build/mappings
COPY pipelines /build/pipelines
COPY sandbox /build/sandbox
COPY scheduler /build/scheduler
COPY store /build/store
RUN pip install --no-build-isolation --no-deps /build && rm -rf /build

# A fixed number, so that the key file in the shared volume (mode 600) belongs to the same user in every container.
RUN useradd --uid 10001 --create-home cii && install -d -o cii -g cii -m 700 /var/lib/cii-sync
USER cii
WORKDIR /var/lib/cii-sync
ENTRYPOINT ["cii-sync"]
CMD ["--help"]
