-- The claim of the one cluster that may use this database. The only row always exists; it is free while seen_at is null.

CREATE TABLE cluster_claim (
  id SMALLINT PRIMARY KEY CHECK (id = 1),
  formed_by VARCHAR(512) NOT NULL, -- the node that formed the cluster
  formed_at TIMESTAMP(6) WITH TIME ZONE,
  seen_at TIMESTAMP(6) WITH TIME ZONE -- when the cluster was last alive, by the clock of the database
);
INSERT INTO cluster_claim (id, formed_by) VALUES (1, '');
