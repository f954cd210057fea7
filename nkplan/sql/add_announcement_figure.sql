-- A figure of an announcement.
INSERT INTO announcement_figures (announcement, position, item, value, unit, year, source, note)
VALUES (:announcement, :position, :item, :value, :unit, :year, :source, :note);
