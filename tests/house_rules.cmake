# The rules of the house, checked by reading: cmake -P tests/house_rules.cmake
# - a room includes headers only of rooms on its line in server/CMakeLists.txt, and private headers only of its own;
# - only store includes libpqxx, only web includes Beast;
# - no header includes nlohmann/json.hpp (3 s a file): json_fwd.hpp does there;
# - only util parses JSON: outside_json() what comes from outside, within its bounds, own_json() what we wrote;
# - what an event says is read by read_event() and written by append_event() or data_of(): model/events.hpp types it;
# - store reads rows by the names of their columns, and a statement is one text, not chopped and put together;
# - a file has at most 400 lines;
# - no two files of a room, a header and its source taken as one, include each other in a circle;
# - a page that a comment cites is in the repository, with the section that is named: docs/routing.md 2.3,
#   docs/calls.md "While it rings"; and so is what a page of docs/ or README.md links to.
# -DROOT=… reads another house; tests/house_rules_refuse.cmake shows that each rule refuses.
cmake_minimum_required(VERSION 3.25)
get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
if(ROOT)
  set(root ${ROOT})
endif()
# What breaks a rule still, and why. Each list is to become empty; nothing is added to it without a reason.

# Other sessions have these files now.
set(ordinals_left
  server/store/contacts.cpp server/store/customers.cpp server/store/tickets.cpp server/store/ticket_rows.cpp
  server/store/directory/gateways.cpp server/store/directory/tokens.cpp server/store/directory/users.cpp)
set(statements_left ${ordinals_left} server/store/ticket_rows.hpp)
# The first two are tables. The rest are to be split.
set(long_files_left
  server/channels/email/bounce_cause.cpp server/util/config_table.cpp
  server/app/application.cpp server/channels/email/body.cpp server/channels/email/email.cpp
  server/channels/email/html_text.cpp server/intake/plan.cpp server/web/http_session.cpp)
# Where events are appended; the demo's history has times of its own.
set(event_writers server/store/event_rows.cpp server/store/demo/case_writer.cpp)
# Nearly all: the source of a public header uses parts whose headers use that header's types. The types want a header of
# their own.
set(circles_left
  web/http_session web/server web/server_state web/websocket_session
  web/download web/picture_fetcher
  web/mail_server web/mail_session
  engine/engine engine/parts
  channels/fax/image channels/fax/pdf channels/fax/tiff
  channels/chat/chat channels/chat/message channels/email/body channels/email/bounce channels/email/bounce_text
  channels/email/email channels/email/feedback channels/email/forwarded channels/email/raw_mail
  channels/email/structure channels/email/tnef channels/fax/fax channels/fax/fax_contact channels/json_fields
  channels/kinds channels/mail_webhooks/composed_mail channels/mail_webhooks/delivery_event
  channels/mail_webhooks/mail_webhooks channels/mail_webhooks/ses_message channels/normalize channels/phone/asterisk
  channels/phone/call channels/phone/cdr_row channels/phone/freeswitch channels/phone/phone channels/phone/xml_cdr
  channels/records channels/sns
  api/router api/tables
  store/database store/run
  store/noun_table store/nouns
  store/callback_rows store/desk_act store/whole_ticket
  store/intake store/intake_calls store/intake_change store/intake_lookup store/intake_tickets
  store/intake_write
  store/cluster store/cluster_keeper store/cluster_programs store/postmaster
  live/chat_room live/chat_rooms live/chat_state
  intake/classify intake/config intake/mailboxes
  intake/acknowledge intake/clues intake/plan intake/planner
  intake/group_commit intake/intake)

function(complain file rule)
  message("${file}: ${rule}")
  set_property(GLOBAL PROPERTY broken 1)
endfunction()

# The text of a file in which raw strings are empty; its lines keep their numbers.
function(read_code path out)
  file(READ ${path} rest)
  set(code "")
  while(rest MATCHES "R\"[a-z]*\\(")
    set(opening "${CMAKE_MATCH_0}")
    string(REGEX REPLACE "R\"([a-z]*)\\(" ")\\1\"" closing "${opening}")
    string(FIND "${rest}" "${opening}" from)
    string(SUBSTRING "${rest}" 0 ${from} before)
    string(SUBSTRING "${rest}" ${from} -1 rest)
    string(FIND "${rest}" "${closing}" until)
    string(SUBSTRING "${rest}" 0 ${until} raw)
    string(LENGTH "${closing}" length)
    math(EXPR until "${until} + ${length}")
    string(SUBSTRING "${rest}" ${until} -1 rest)
    string(REGEX MATCHALL "\n" lines "${raw}")
    string(REPLACE ";" "" lines "${lines}")
    string(APPEND code "${before}\"${lines}\"")
  endwhile()
  set(${out} "${code}${rest}" PARENT_SCOPE)
endfunction()

# A complaint for each place of the text that matches, with its line.
function(refuse_each file code pattern rule)
  set(line 1)
  while(code MATCHES "${pattern}")
    set(found "${CMAKE_MATCH_0}")
    string(FIND "${code}" "${found}" at)
    string(SUBSTRING "${code}" 0 ${at} before)
    string(REGEX MATCHALL "\n" passed "${before}")
    list(LENGTH passed passed)
    math(EXPR line "${line} + ${passed}")
    complain(${file}:${line} "${rule}")
    string(REGEX MATCHALL "\n" passed "${found}")
    list(LENGTH passed passed)
    math(EXPR line "${line} + ${passed}")
    string(LENGTH "${found}" length)
    math(EXPR at "${at} + ${length}")
    string(SUBSTRING "${code}" ${at} -1 code)
  endwhile()
endfunction()

# r[3] and row[more + 1]; get<std::string>(found[0]); rows[0][1] and rows.front()[1]; found[0].is_null()
string(CONCAT by_ordinal
  "[^a-z_](r|row)\\[([0-9]+|[a-z_]+ \\+ [0-9]+|[a-z]+\\+\\+|more|first|summary_columns)\\]"
  "|get<[^()]*>\\([a-z_]+\\[[0-9]+\\]\\)"
  "|(\\]|front\\(\\)|back\\(\\))\\[[0-9]+\\]"
  "|[a-z_]\\[[0-9]+\\]\\.(as<|c_str|is_null)")
set(of_sql "(SELECT |INSERT INTO |UPDATE |DELETE FROM |FROM |WHERE |JOIN |ORDER BY |RETURNING | AND | SET )")
string(CONCAT chopped
  "\"[^\"\n]*${of_sql}[^\"\n]*\"[ \n]*(\\+|\")"
  "|\\+[ \n]*\"[^\"\n]*${of_sql}")

file(STRINGS ${root}/server/CMakeLists.txt lines REGEX "^room\\(")
set(rooms "")
foreach(line ${lines})
  string(REGEX REPLACE "^room\\(([^)]*)\\).*" "\\1" words "${line}")
  string(REGEX MATCHALL "[^ ]+" words "${words}")
  list(POP_FRONT words room)
  list(APPEND rooms ${room})
  set(may_use_${room} ${room} ${words})
endforeach()

foreach(room ${rooms})
  set(stems "")
  file(GLOB_RECURSE files ${root}/server/${room}/*.?pp ${root}/include/switchboard/${room}/*.?pp)
  foreach(path ${files})
    file(RELATIVE_PATH file ${root} ${path})
    string(REGEX REPLACE "^(server|include/switchboard)/(.*)\\.[a-z]+$" "\\2" stem ${file})
    if(NOT stem IN_LIST stems)
      list(APPEND stems ${stem})
      set(includes_of_${stem} "")
    endif()
    file(STRINGS ${path} includes REGEX "^ *# *include")
    foreach(include ${includes})
      if(include MATCHES "[<\"](switchboard/)?(${room}/.*)\\.hpp[\">]" AND NOT CMAKE_MATCH_2 STREQUAL stem)
        list(APPEND includes_of_${stem} ${CMAKE_MATCH_2})
      endif()
      if(include MATCHES "<switchboard/([a-z]+)/")
        if(NOT CMAKE_MATCH_1 IN_LIST may_use_${room})
          complain(${file} "${room} may not use ${CMAKE_MATCH_1}")
        endif()
      elseif(include MATCHES "\"([a-z]+)/")
        if(NOT CMAKE_MATCH_1 STREQUAL room)
          complain(${file} "the headers beside the sources of ${CMAKE_MATCH_1} are private")
        elseif(file MATCHES "^include/")
          complain(${file} "a public header needs a private one")
        endif()
      elseif(include MATCHES "<pqxx" AND NOT room STREQUAL "store")
        complain(${file} "only store may use libpqxx")
      elseif(include MATCHES "<boost/beast" AND NOT room STREQUAL "web")
        complain(${file} "only web may use Beast")
      elseif(include MATCHES "<nlohmann/json.hpp>" AND file MATCHES "hpp$")
        complain(${file} "a header includes nlohmann/json.hpp")
      endif()
    endforeach()
    file(READ ${path} text)
    string(REGEX MATCHALL "\n" lines "${text}")
    list(LENGTH lines lines)
    if(lines GREATER 400 AND NOT file IN_LIST long_files_left)
      complain(${file} "has ${lines} lines: split it by what it does")
    endif()
    if(NOT room STREQUAL "util")
      refuse_each(${file} "${text}" "json *:: *(parse|accept|sax_parse|from_[a-z]+) *\\("
        "only util parses JSON: use outside_json() or own_json()")
    endif()
    if(NOT file MATCHES "/util/event_data.hpp$")
      refuse_each(${file} "${text}" "_json\\(\\*?[a-z_]+(\\.|->)data\\)|[a-z_](\\.|->)data\\.(contains|find|starts_with)\\("
        "an event is read by read_event()")
    endif()
    if(NOT file IN_LIST event_writers)
      refuse_each(${file} "${text}" "INSERT INTO event[ (]|append_event\\([a-z_.()]+, \"" "an event is written by append_event()")
    endif()
    if(room STREQUAL "store" AND NOT file STREQUAL "server/store/sql.hpp") # which is where rows are read
      read_code(${path} code)
      if(NOT file IN_LIST ordinals_left)
        refuse_each(${file} "${code}" "${by_ordinal}" "reads by ordinal: name the column")
      endif()
      if(NOT file IN_LIST statements_left)
        refuse_each(${file} "${code}" "${chopped}" "a statement is one raw string")
      endif()
    endif()
  endforeach()

  # What includes nothing that is left, and what nothing includes that is left, is in no circle.
  set(shrinks 1)
  while(shrinks)
    set(shrinks 0)
    set(included "")
    foreach(stem ${stems})
      list(APPEND included ${includes_of_${stem}})
    endforeach()
    set(left "")
    foreach(stem ${stems})
      set(to "")
      foreach(other ${includes_of_${stem}})
        if(other IN_LIST stems)
          list(APPEND to ${other})
        endif()
      endforeach()
      set(includes_of_${stem} ${to})
      if(to AND stem IN_LIST included)
        list(APPEND left ${stem})
      else()
        set(includes_of_${stem} "")
        set(shrinks 1)
      endif()
    endforeach()
    set(stems ${left})
  endwhile()
  foreach(stem ${stems})
    set(reached ${includes_of_${stem}})
    set(further ${reached})
    while(further)
      list(POP_FRONT further next)
      foreach(other ${includes_of_${next}})
        if(NOT other IN_LIST reached)
          list(APPEND reached ${other})
          list(APPEND further ${other})
        endif()
      endforeach()
    endwhile()
    if(stem IN_LIST reached AND NOT stem IN_LIST circles_left)
      list(JOIN includes_of_${stem} " and " others)
      complain(${stem} "is in a circle of includes, by ${others}")
    endif()
  endforeach()
endforeach()

# Comments cite pages from the root of the repository; a section is named by its number or by its heading in quotes.
file(GLOB_RECURSE citing ${root}/server/* ${root}/include/* ${root}/tests/* ${root}/migrations/* ${root}/config/*
  ${root}/console/src/*)
list(FILTER citing EXCLUDE REGEX "/node_modules/|/tests/house_rules[a-z_]*\\.cmake$")
list(FILTER citing INCLUDE REGEX "(\\.([chm]pp|inc|cmake|mjs|py|sh|sql|toml|ts|vue|txt|css)|/Dockerfile)$")
list(APPEND citing ${root}/CMakeLists.txt ${root}/run ${root}/docker-compose.yml)
foreach(path ${citing})
  if(NOT EXISTS ${path})
    continue()
  endif()
  file(RELATIVE_PATH file ${root} ${path})
  file(STRINGS ${path} lines REGEX "[A-Za-z0-9_-]\\.md")
  foreach(line ${lines})
    string(REGEX MATCHALL "[A-Za-z0-9_/.-]+\\.md( [0-9]+(\\.[0-9]+)?| \"[^\"]+\")?" citations "${line}")
    foreach(citation ${citations})
      string(REGEX MATCH "^[^ ]+" page "${citation}")
      string(REGEX REPLACE "^[^ ]+ ?\"?([^\"]*)\"?$" "\\1" section "${citation}")
      if(NOT EXISTS ${root}/${page})
        complain(${file} "cites ${page}, which is not in the repository")
      elseif(section)
        file(STRINGS ${root}/${page} headings REGEX "^#+ ")
        if(section MATCHES "^[0-9]")
          list(FILTER headings INCLUDE REGEX "^#+ ${section}\\.? ")
        elseif(NOT "## ${section}" IN_LIST headings AND NOT "### ${section}" IN_LIST headings)
          set(headings "")
        endif()
        if(NOT headings)
          complain(${file} "cites \"${section}\" of ${page}, which has no such section")
        endif()
      endif()
    endforeach()
  endforeach()
endforeach()

file(GLOB pages ${root}/README.md ${root}/docs/*.md)
foreach(path ${pages})
  file(RELATIVE_PATH file ${root} ${path})
  get_filename_component(folder ${path} DIRECTORY)
  file(STRINGS ${path} lines REGEX "\\]\\([^)]+\\)")
  foreach(line ${lines})
    string(REPLACE "](" "\n" line "${line}") # a bracket alone would join what comes after it in a list
    string(REGEX MATCHALL "\n[^)# ]+" links "${line}")
    foreach(link ${links})
      string(STRIP "${link}" link)
      if(NOT link MATCHES "^[a-z]+:" AND NOT EXISTS ${folder}/${link})
        complain(${file} "links to ${link}, which is not in the repository")
      endif()
    endforeach()
  endforeach()
endforeach()

get_property(broken GLOBAL PROPERTY broken)
if(broken)
  message(FATAL_ERROR "The rules of the house are broken.")
endif()
list(LENGTH rooms count)
message("${count} rooms keep the rules of the house.")
