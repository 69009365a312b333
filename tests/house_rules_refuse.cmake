# Each rule of the house refuses what breaks it: cmake -DWORK=<a folder to write in> -P tests/house_rules_refuse.cmake
cmake_minimum_required(VERSION 3.25)

# A house of three rooms and util in which one file has this line; what the rules say of it must match.
function(refused file line complaint)
  file(REMOVE_RECURSE ${WORK}/house)
  file(WRITE ${WORK}/house/server/CMakeLists.txt "room(util)\nroom(shop util)\nroom(cellar)\nroom(store util)\n")
  file(WRITE ${WORK}/house/docs/shop.md "# Shop\n\n## 2. Rules\n\n### 2.1 Prices\n\n## At night\n")
  file(WRITE ${WORK}/house/${file} "#pragma once\n${line}\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -DROOT=${WORK}/house -P ${CMAKE_CURRENT_LIST_DIR}/house_rules.cmake
    RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(complaint STREQUAL "")
    if(failed)
      message(FATAL_ERROR "refused: ${file}: ${line}\n${said}")
    endif()
  elseif(NOT failed OR NOT said MATCHES "${complaint}")
    message(FATAL_ERROR "not refused: ${file}: ${line}\n${said}")
  endif()
endfunction()

refused(server/shop/a.cpp "#include <switchboard/cellar/b.hpp>" "shop may not use cellar")
refused(server/shop/a.cpp "#include \"util/b.hpp\"" "the headers beside the sources of util are private")
refused(include/switchboard/shop/a.hpp "#include \"shop/b.hpp\"" "a public header needs a private one")
refused(server/shop/a.cpp "#include <pqxx/pqxx>" "only store may use libpqxx")
refused(server/shop/a.cpp "#include <boost/beast/core.hpp>" "only web may use Beast")
refused(server/shop/a.cpp "#include <curl/curl.h>" "only outside may use libcurl")
refused(server/shop/a.hpp "#include <nlohmann/json.hpp>" "a header includes nlohmann/json.hpp")
foreach(parsing "json::parse(text)" "nlohmann::json::parse (text, nullptr, false)" "ordered_json::parse(text)"
        "json::accept(text)" "json::sax_parse(text, &builder)" "json::from_cbor(bytes)")
  refused(server/shop/a.cpp "auto a = ${parsing}\;" "only util parses JSON")
  refused(include/switchboard/shop/a.hpp "auto a = ${parsing}\;" "only util parses JSON")
  refused(server/util/a.cpp "auto a = ${parsing}\;" "")
endforeach()
refused(server/shop/a.cpp "auto a = outside_json(text), b = own_json(text), c = json::parse_error::create(1)\;" "")
refused(server/shop/a.cpp "// docs/cellar.md says why" "cites docs/cellar.md, which is not in the repository")
refused(console/src/a.ts "// PLAN.md 3" "cites PLAN.md, which is not in the repository")
refused(server/shop/a.cpp "// docs/shop.md 2.2" "cites .2.2. of docs/shop.md, which has no such section")
refused(migrations/1.sql "-- docs/shop.md \"At noon\"" "cites .At noon. of docs/shop.md, which has no such section")
refused(docs/a.md "[the cellar](cellar.md)" "links to cellar.md, which is not in the repository")
refused(server/shop/a.cpp "// docs/shop.md, docs/shop.md 2, docs/shop.md 2.1 and docs/shop.md \"At night\"" "")
refused(docs/a.md "[the shop](shop.md#at-night), [elsewhere](https://example.org/cellar.md)" "")
refused(server/shop/a.cpp "\nint a\;\nauto b = json::parse(text)\;" "server/shop/a.cpp:4: only util parses JSON")

foreach(reading "get<int>(r[3])" "get<std::optional<timestamp>>(row[12])" "get<int>(r[more])" "get<int>(r[more + 1])"
        "get<int>(found[0])" "get<int>(rows[0][1])" "get<int>(query(tx, sql)[0][0])" "get<int>(rows.front()[1])"
        "bytes_from(r[7])" "r[2].is_null()" "found[0].c_str()" "get<int>(r[i++])")
  refused(server/store/a.cpp "// reads\nauto a = ${reading}\;" "server/store/a.cpp:3: reads by ordinal")
endforeach()
foreach(reading "get<int>(r[\"id\"])" "get<int>(found[0][\"id\"])" "from_row<queue>(rows[0])" "row[member]"
        "query(tx, R\"(SELECT (ARRAY[1])[1])\")")
  refused(server/store/a.cpp "auto a = ${reading}\;" "")
endforeach()
foreach(statement "\"SELECT id FROM \" \"queue\"" "\"SELECT id \"\n  \"FROM queue\"" "\"DELETE FROM \" + table"
        "columns + \" FROM queue\"" "R\"(x)\" + columns + \" WHERE id = $1\"")
  refused(server/store/a.cpp "query(tx, ${statement})\;" "server/store/a.cpp:[23]: a statement is one raw string")
endforeach()
refused(server/store/a.cpp "query(tx, R\"(\n  SELECT id, 'a' \"b\"\n  FROM queue)\", \"a\" + b, \"a \" \"b\")\;" "")

foreach(reading "own_json(e.data)" "from_own_json(found->data)" "e.data.contains(word)" "one.data.find(word)")
  refused(server/shop/a.cpp "auto a = ${reading}\;" "an event is read by read_event")
endforeach()
foreach(writing "append_event(tx, \"a.changed\", whom, data)" "query(tx, R\"(\n INSERT INTO event (type) VALUES ($1))\")")
  refused(server/store/a.cpp "${writing}\;" "an event is written by append_event")
endforeach()
refused(server/store/a.cpp "append_event(tx, events::a_changed{id}, {.actor = me})\; auto a = read_event<events::b>(e)\;" "")

string(REPEAT "int a\;\n" 399 lines)
refused(server/shop/a.cpp "${lines}int b\;" "server/shop/a.cpp: has 401 lines")
string(REPEAT "int a\;\n" 398 lines)
refused(server/shop/a.cpp "${lines}int b\;" "")

# Of two files: a.hpp is written first.
function(circle complaint)
  file(REMOVE_RECURSE ${WORK}/house)
  file(WRITE ${WORK}/house/server/CMakeLists.txt "room(shop)\n")
  file(WRITE ${WORK}/house/server/shop/a.hpp "#pragma once\n")
  file(WRITE ${WORK}/house/server/shop/a.cpp "#include \"shop/a.hpp\"\n#include \"shop/b.hpp\"\n")
  file(WRITE ${WORK}/house/server/shop/b.hpp "#pragma once\n${ARGN}\n")
  file(WRITE ${WORK}/house/server/shop/c.cpp "#include \"shop/a.hpp\"\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -DROOT=${WORK}/house -P ${CMAKE_CURRENT_LIST_DIR}/house_rules.cmake
    RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(complaint STREQUAL "" AND failed OR NOT complaint STREQUAL "" AND NOT said MATCHES "${complaint}"
     OR said MATCHES "shop/c: ")
    message(FATAL_ERROR "circle: ${ARGN}\n${said}")
  endif()
endfunction()
circle("")
circle("shop/a: is in a circle of includes, by shop/b" "#include \"shop/a.hpp\"")
message("Each rule refuses what breaks it.")
