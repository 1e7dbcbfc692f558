-- The task queue. A task that somebody works on is one that is due when its lease ends: `due_at` is
-- the only clock. `attempts` counts the claims, and is what fences: whoever holds an older claim
-- changes nothing. Ids are never used twice.
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    lane TEXT NOT NULL CHECK (lane IN ('control', 'compute', 'delivery')),
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('WAITING', 'DEAD')),
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    worker TEXT,
    failure TEXT
) STRICT;
CREATE INDEX tasks_by_lane ON tasks (lane, due_at, id) WHERE state = 'WAITING';
