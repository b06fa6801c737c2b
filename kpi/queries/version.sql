-- grain: the one row of the build
select version, built_at from version
