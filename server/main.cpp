#include "app/command_line.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    try {
        return switchboard::app::run_command_line(argc, argv);
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "switchboard: %s\n", fault.what());
        return 70; // EX_SOFTWARE
    }
}
