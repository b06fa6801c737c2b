/*
grain = "one holiday, leave day or event on one day"
kind = "reference"
*/
create table calendar (
    day date not null,
    name_id varchar not null,
    name_en varchar,
    kind varchar not null check (kind in ('national_holiday', 'joint_leave', 'school_holiday', 'event')),
    primary key (day, name_id)
);
comment on column calendar.kind is 'joint_leave = cuti bersama, school_holiday = libur sekolah';
