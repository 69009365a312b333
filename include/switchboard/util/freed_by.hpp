#pragma once

namespace switchboard {

/// Deleter for what a C library frees by a function of its own: std::unique_ptr<BIO, freed_by<BIO_free_all>>.
template <auto free_function>
struct freed_by {
    template <class T>
    void operator()(T* object) const noexcept {
        free_function(object);
    }
};

} // namespace switchboard
