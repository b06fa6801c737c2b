"""What the command line has beside a build.

check.py      what would come of files, as a warehouse that serves nobody
told.py, compare.py       what is said of a report; what files would change
propose.py, proposal.py   what an unknown file seems to be, and in words
template.py, new_city.py  empty files to fill in; the folder of a new city
status.py     what serves
words.py      what is asked of the words of a language
"""
