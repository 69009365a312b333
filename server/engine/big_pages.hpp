#pragma once

#include <cstddef>
#include <new>

#include <sys/mman.h>

namespace switchboard::routing {

/// Asks for huge pages where a table is large: with a million tickets, half the cost of a look-up is the page table's.
template <class T>
struct big_page_allocator {
    using value_type = T;
    static constexpr std::size_t page = std::size_t{2} << 20;

    big_page_allocator() = default;
    template <class U>
    big_page_allocator(const big_page_allocator<U>&) {}

    T* allocate(std::size_t n) {
        auto* memory = ::operator new(n * sizeof(T), alignment(n));
        if (n * sizeof(T) >= page) ::madvise(memory, n * sizeof(T), MADV_HUGEPAGE); // only advice: failure is harmless
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t n) { ::operator delete(memory, alignment(n)); }

    bool operator==(const big_page_allocator&) const = default;

private:
    static std::align_val_t alignment(std::size_t n) {
        return std::align_val_t{n * sizeof(T) >= page ? page : alignof(T) > 16 ? alignof(T) : 16};
    }
};

} // namespace switchboard::routing
