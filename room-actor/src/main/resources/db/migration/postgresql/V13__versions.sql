-- The versions of nodes, as major * 1000 + minor. Each is null until a node has noted it.

ALTER TABLE cluster_claim ADD COLUMN lowest_version INTEGER; -- the lowest of the nodes of the cluster that has the claim
ALTER TABLE cluster_claim ADD COLUMN highest_version INTEGER; -- the highest of them
ALTER TABLE cluster_claim ADD COLUMN newest_version INTEGER; -- the highest that ever made the schema of this database
