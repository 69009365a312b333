# Each rule of the house refuses what breaks it: cmake -DWORK=<a folder to write in> -P tests/house_rules_refuse.cmake
cmake_minimum_required(VERSION 3.25)

# A house of two rooms and util in which one file has this line; what the rules say of it must match.
function(refused file line complaint)
  file(REMOVE_RECURSE ${WORK}/house)
  file(WRITE ${WORK}/house/server/CMakeLists.txt "room(util)\nroom(shop util)\nroom(cellar)\n")
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
refused(server/shop/a.hpp "#include <nlohmann/json.hpp>" "a header includes nlohmann/json.hpp")
foreach(parsing "json::parse(text)" "nlohmann::json::parse (text, nullptr, false)" "ordered_json::parse(text)"
        "json::accept(text)" "json::sax_parse(text, &builder)" "json::from_cbor(bytes)")
  refused(server/shop/a.cpp "auto a = ${parsing}\;" "only util parses JSON")
  refused(include/switchboard/shop/a.hpp "auto a = ${parsing}\;" "only util parses JSON")
  refused(server/util/a.cpp "auto a = ${parsing}\;" "")
endforeach()
refused(server/shop/a.cpp "auto a = outside_json(text), b = own_json(text), c = json::parse_error::create(1)\;" "")
message("Each rule refuses what breaks it.")
