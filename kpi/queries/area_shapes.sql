-- grain: one area with its outline: rings of [longitude, latitude]; empty where the city gives none
select area, rings from area_shapes
