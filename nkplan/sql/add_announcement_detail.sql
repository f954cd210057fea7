-- A term or a sentence of context of an announcement.
INSERT INTO announcement_details (announcement, part, position, text)
VALUES (:announcement, :part, :position, :text);
