#include "channels/email/opaque_signed.hpp"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <memory>

namespace switchboard::channels::email {
namespace {

struct cms_free {
    void operator()(CMS_ContentInfo* cms) const noexcept { CMS_ContentInfo_free(cms); }
};

} // namespace

std::string signed_content(std::string_view cms_der) {
    std::string content;
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio{
        BIO_new_mem_buf(cms_der.data(), static_cast<int>(cms_der.size())), &BIO_free};
    const std::unique_ptr<CMS_ContentInfo, cms_free> cms{bio ? d2i_CMS_bio(bio.get(), nullptr) : nullptr};
    if (cms && OBJ_obj2nid(CMS_get0_type(cms.get())) == NID_pkcs7_signed) {
        ASN1_OCTET_STRING** octets = CMS_get0_content(cms.get());
        if (octets && *octets)
            content.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(*octets)),
                           static_cast<std::size_t>(ASN1_STRING_length(*octets)));
    }
    ERR_clear_error(); // a failed parse must not surface in somebody else's TLS call
    return content;
}

} // namespace switchboard::channels::email
