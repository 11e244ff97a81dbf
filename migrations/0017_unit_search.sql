-- Search walks this index in the order of codes and finds all that it asks in it.
CREATE INDEX organisation_unit_search
    ON organisation_unit (region_code, code, id, name, valid_from, valid_to);
-- Who was a department on a day of the past.
CREATE INDEX unit_former_level ON unit_former (region_code, level, code);
