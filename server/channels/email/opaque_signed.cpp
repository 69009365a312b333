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

std::unique_ptr<CMS_ContentInfo, cms_free> read_cms(std::string_view der) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio{BIO_new_mem_buf(der.data(), static_cast<int>(der.size())),
                                                        &BIO_free};
    std::unique_ptr<CMS_ContentInfo, cms_free> cms{bio ? d2i_CMS_bio(bio.get(), nullptr) : nullptr};
    ERR_clear_error(); // a failed parse must not surface in somebody else's TLS call
    return cms;
}

} // namespace

std::string signed_content(std::string_view cms_der) {
    std::string content;
    const auto cms = read_cms(cms_der);
    if (cms && OBJ_obj2nid(CMS_get0_type(cms.get())) == NID_pkcs7_signed) {
        ASN1_OCTET_STRING** octets = CMS_get0_content(cms.get());
        if (octets && *octets)
            content.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(*octets)),
                           static_cast<std::size_t>(ASN1_STRING_length(*octets)));
    }
    return content;
}

bool is_enveloped(std::string_view cms_der) {
    const auto cms = read_cms(cms_der);
    const int type = cms ? OBJ_obj2nid(CMS_get0_type(cms.get())) : NID_undef;
    return type == NID_pkcs7_enveloped || type == NID_id_smime_ct_authEnvelopedData;
}

} // namespace switchboard::channels::email
