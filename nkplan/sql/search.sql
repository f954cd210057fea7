-- name: find_texts
-- The :most texts that best match the FTS5 expression :match, of the lists among :lists, a JSON list, or of
-- all; a negative :most returns all of them. An update has the id of its project, which is what `nkplan show`
-- accepts, and its name as title; a count has no status here, because its status is that of what it counts. Equal
-- matches are in the order of their ids. If :most leaves some of them out, those recorded first are kept: sorting
-- all by id takes twice as long.
SELECT texts.list, texts.text,
       coalesce(updates.project, texts.id) AS id,
       CASE texts.list WHEN 'update' THEN projects.name ELSE texts.title END AS title,
       coalesce(updates.event_date, sources.published, announcements.announced) AS date,
       CASE WHEN texts.list <> 'update' THEN states.status
            WHEN updates.count IS NULL THEN updates.status END AS status,
       updates.id AS update_id
FROM (SELECT texts.number, words.rank AS distance
      FROM words
      JOIN texts ON texts.number = words.rowid
      WHERE words MATCH :match AND (:lists IS NULL OR texts.list IN (SELECT value FROM json_each(:lists)))
      ORDER BY words.rank, texts.number
      LIMIT :most) AS found
JOIN texts ON texts.number = found.number
LEFT JOIN updates ON updates.id = texts.id AND texts.list = 'update'
LEFT JOIN projects ON projects.id = updates.project
LEFT JOIN states ON states.project = texts.id AND texts.list = 'project'
LEFT JOIN sources ON sources.id = texts.id AND texts.list = 'source'
LEFT JOIN announcements ON announcements.id = texts.id AND texts.list = 'announcement'
ORDER BY found.distance, texts.list, texts.id;

-- name: count_found_texts
-- How many texts match the FTS5 expression :match, of the lists among :lists, a JSON list, or of all.
SELECT count(*) AS texts
FROM words
JOIN texts ON texts.number = words.rowid
WHERE words MATCH :match AND (:lists IS NULL OR texts.list IN (SELECT value FROM json_each(:lists)));

-- name: try_index
-- Search the index of words for any word: an error if it is damaged as a whole.
SELECT rank FROM words WHERE words MATCH 'a' ORDER BY rank LIMIT 1;

-- name: count_texts
-- The number of texts of the lists among :lists, a JSON list.
SELECT count(*) AS texts FROM texts WHERE list IN (SELECT value FROM json_each(:lists));

-- name: count_all_texts
-- The number of all texts, counted in the smallest table that has a row for each.
SELECT count(*) AS texts FROM words_docsize;

-- name: index_change
-- Store the searchable texts of the rows that the change :change recorded, with the words to index of those that
-- are not plain; the function write_words is that of the program. A row that is recorded again after it was
-- undone has been removed from `texts` in between; ON CONFLICT applies if it has not.
INSERT INTO texts (list, id, title, text, title_words, text_words)
SELECT list, id, title, text, CASE WHEN NOT is_plain THEN write_words(title, names) END,
       CASE WHEN NOT is_plain THEN write_words(text, NULL) END
FROM searched
WHERE change_id = :change
ON CONFLICT (list, id) DO UPDATE
SET title = excluded.title, text = excluded.text,
    title_words = excluded.title_words, text_words = excluded.text_words;

-- name: index_row
-- The same for the row :id of the list :list, whatever change recorded it. Without a text, or no longer active, it
-- loses the one that it had.
DELETE FROM texts
WHERE list = :list AND id = :id AND NOT EXISTS (SELECT 1 FROM searched WHERE list = :list AND id = :id);
INSERT INTO texts (list, id, title, text, title_words, text_words)
SELECT list, id, title, text, CASE WHEN NOT is_plain THEN write_words(title, names) END,
       CASE WHEN NOT is_plain THEN write_words(text, NULL) END
FROM searched
WHERE list = :list AND id = :id
ON CONFLICT (list, id) DO UPDATE
SET title = excluded.title, text = excluded.text,
    title_words = excluded.title_words, text_words = excluded.text_words;

-- name: index_rows
-- The same for the rows among :keys, a JSON list, of the list :list.
DELETE FROM texts WHERE list = :list AND id IN (SELECT value FROM json_each(:keys));
INSERT INTO texts (list, id, title, text, title_words, text_words)
SELECT list, id, title, text, CASE WHEN NOT is_plain THEN write_words(title, names) END,
       CASE WHEN NOT is_plain THEN write_words(text, NULL) END
FROM searched
WHERE list = :list AND id IN (SELECT value FROM json_each(:keys));

-- name: create_vocabulary
-- Create a table of the words in the index, for this connection only.
CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab (main, words, row);

-- name: has_lost_words
-- Whether texts have words and the index has none: then its structure is lost, and no search fails.
SELECT EXISTS (SELECT 1 FROM words_docsize WHERE sz <> x'0000') AND NOT EXISTS (SELECT 1 FROM vocabulary) AS lost;

-- name: list_words_from
-- The words of the index from :start on and before :stop, of :shortest to :longest characters; at most :most.
SELECT term FROM vocabulary
WHERE term >= :start AND term < :stop AND length(term) BETWEEN :shortest AND :longest
LIMIT :most;
